//! Where the objects and lists of a document begin and end.

use std::ops::Range;

/// For each of these rising positions the objects and lists around it, outermost first.
///
/// The document is JSON, which was read before; of anything else nothing sensible comes out.
pub(super) fn around(body: &[u8], positions: &[usize]) -> Vec<Vec<Range<usize>>> {
    let mut around: Vec<Vec<Range<usize>>> = Vec::with_capacity(positions.len());
    // Each open container, with the first of the positions that lies behind its beginning.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut wanted = positions.iter().peekable();
    let mut in_string = false;
    let mut is_escaped = false;
    for (at, byte) in body.iter().enumerate() {
        while wanted.next_if(|position| **position <= at).is_some() {
            around.push(Vec::new());
        }
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match byte {
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => open.push((at, around.len())),
            b'}' | b']' => {
                let Some((start, first)) = open.pop() else {
                    break;
                };
                for ranges in around.iter_mut().skip(first) {
                    ranges.push(start..at + 1);
                }
            }
            _ => {}
        }
    }
    for ranges in &mut around {
        ranges.sort_by_key(|range| range.start);
    }
    around
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_around_a_place_is_found_whatever_stands_in_strings() {
        let body = r#"{"a":["}\"]{",{"b":[1,"x"]}],"c":"y"}"#;
        let at = |text: &str| body.find(text).unwrap();
        let found = around(body.as_bytes(), &[at("x"), at("y")]);
        let texts: Vec<Vec<&str>> = found
            .iter()
            .map(|ranges| {
                ranges
                    .iter()
                    .map(|range| body.get(range.clone()).unwrap())
                    .collect()
            })
            .collect();
        assert_eq!(
            texts,
            [
                vec![
                    body,
                    r#"["}\"]{",{"b":[1,"x"]}]"#,
                    r#"{"b":[1,"x"]}"#,
                    r#"[1,"x"]"#
                ],
                vec![body]
            ]
        );
    }
}
