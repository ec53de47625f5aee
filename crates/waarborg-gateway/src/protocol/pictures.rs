//! The protocols in which pictures are asked for and changed: `images/generations`, `images/edits` and
//! `images/variations`.

use waarborg_domain::prompt::Wire;

use super::definitions::Definitions;
use super::format::{Format, Place};

const NO_DEFINITIONS: Definitions = Definitions {
    schemas: &[],
    names: &[],
};

/// What a request to `/v1/images/generations` may hold.
pub(crate) const PICTURES: Format = Format {
    wire: Wire::Pictures,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    only: &[],
    // Some providers take pictures here to draw after.
    closed: &[
        &["image"],
        &["images"],
        &["image_url"],
        &["mask"],
        &["reference_images"],
    ],
    sealed: &[],
};

/// What a document to `/v1/images/edits` may hold.
pub(crate) const PICTURE_EDITS: Format = Format {
    wire: Wire::PictureEdits,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    // Where a picture lies, its members stand; a word would lead to one.
    only: &[
        (&["images"], &[]),
        (&["images", "[]"], &[]),
        (&["mask"], &[]),
        (&["mask", "[]"], &[]),
        (&["markup"], &[]),
        (&["markup", "[]"], &[]),
    ],
    // What lies in the document was read, and stands here no more. These lead to a picture that does not.
    closed: &[
        &["image"],
        &["image[]"],
        &["image_url"],
        &["image_urls"],
        &["file_id"],
        &["url"],
        &["reference_images"],
        &["images", "[]", "image_url"],
        &["images", "[]", "file_id"],
        &["images", "[]", "file_url"],
        &["images", "[]", "url"],
        &["images", "[]", "b64_json"],
        &["images", "[]", "data"],
        &["mask", "image_url"],
        &["mask", "file_id"],
        &["mask", "file_url"],
        &["mask", "url"],
        &["mask", "b64_json"],
        &["mask", "data"],
        &["mask", "[]", "image_url"],
        &["mask", "[]", "file_id"],
        &["mask", "[]", "url"],
        &["markup", "image_url"],
        &["markup", "file_id"],
        &["markup", "file_url"],
        &["markup", "url"],
        &["markup", "b64_json"],
        &["markup", "data"],
        &["markup", "[]", "image_url"],
        &["markup", "[]", "file_id"],
        &["markup", "[]", "url"],
    ],
    sealed: &[],
};

/// Pictures that are no file in a form, or that were not read.
const OTHER_PICTURES: &[Place] = &[
    &["images"],
    &["image_url"],
    &["image_urls"],
    &["file_id"],
    &["url"],
    &["reference_images"],
    &["image", "image_url"],
    &["image", "[]", "image_url"],
    &["image[]", "[]", "image_url"],
    &["mask", "image_url"],
    &["markup", "image_url"],
];

/// What the fields of a form to `/v1/images/edits` may hold.
pub(crate) const PICTURE_EDIT_FORMS: Format = Format {
    wire: Wire::PictureEditForms,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    only: &[],
    closed: OTHER_PICTURES,
    sealed: &[],
};

/// What the fields of a form to `/v1/images/variations` may hold.
pub(crate) const PICTURE_VARIATIONS: Format = Format {
    wire: Wire::PictureVariations,
    definitions: NO_DEFINITIONS,
    call_ids: &[],
    only: &[],
    closed: OTHER_PICTURES,
    sealed: &[],
};
