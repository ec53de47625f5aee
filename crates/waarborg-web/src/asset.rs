//! Serves the program's own style sheet, scripts and mark; there are no others.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

/// One embedded file.
struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static str,
}

const ASSETS: &[Asset] = &[
    Asset {
        name: "waarborg.css",
        kind: "text/css; charset=utf-8",
        body: include_str!("../assets/waarborg.css"),
    },
    Asset {
        name: "chat.css",
        kind: "text/css; charset=utf-8",
        body: include_str!("../assets/chat.css"),
    },
    Asset {
        name: "chat.js",
        kind: "text/javascript; charset=utf-8",
        body: include_str!("../assets/chat.js"),
    },
    Asset {
        name: "answer.js",
        kind: "text/javascript; charset=utf-8",
        body: include_str!("../assets/answer.js"),
    },
    Asset {
        name: "composer.js",
        kind: "text/javascript; charset=utf-8",
        body: include_str!("../assets/composer.js"),
    },
    Asset {
        name: "live.js",
        kind: "text/javascript; charset=utf-8",
        body: include_str!("../assets/live.js"),
    },
    Asset {
        name: "mark.svg",
        kind: "image/svg+xml",
        body: include_str!("../assets/mark.svg"),
    },
];

/// The digest of all files, in their address, so that a browser may keep them for good.
const DIGEST: u64 = digest();

/// The address of an embedded file.
#[must_use]
pub fn address(name: &str) -> String {
    format!("/assets/{DIGEST:016x}/{name}")
}

/// Answers with an embedded file. An old digest gets the present file, kept shortly.
pub async fn serve(Path((digest, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let keep = if digest == format!("{DIGEST:016x}") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=60"
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    (headers, asset.body).into_response()
}

/// FNV-1a over all files, at compile time: it tells versions apart and protects nothing.
const fn digest() -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut files = ASSETS;
    while let [file, others @ ..] = files {
        let mut bytes = file.body.as_bytes();
        while let [byte, rest @ ..] = bytes {
            hash = (hash ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
            bytes = rest;
        }
        files = others;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_names_another_host_or_builds_html_from_text() {
        for asset in ASSETS {
            for forbidden in [
                "https://",
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "eval(",
                "document.write",
            ] {
                assert!(
                    !asset.body.contains(forbidden),
                    "{} has {forbidden}",
                    asset.name
                );
            }
            assert!(
                !asset
                    .body
                    .replace("http://www.w3.org/2000/svg", "")
                    .contains("http://"),
                "{}",
                asset.name
            );
        }
    }

    #[test]
    fn all_files_together_stay_small() {
        let bytes: usize = ASSETS.iter().map(|asset| asset.body.len()).sum();
        assert!(bytes < 150_000, "{bytes} bytes");
    }
}
