//! The protocol in which a picture is asked for: `images/generations`.

use waarborg_domain::prompt::Wire;

use super::definitions::Definitions;
use super::format::Format;

/// What a request to `/v1/images/generations` may hold.
pub(crate) const PICTURES: Format = Format {
    wire: Wire::Pictures,
    definitions: Definitions {
        schemas: &[],
        names: &[],
    },
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
