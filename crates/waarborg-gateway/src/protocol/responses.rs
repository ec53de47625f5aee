//! The responses protocol: which strings of a request it defines itself, and which nobody can inspect.

use waarborg_domain::prompt::Wire;

use super::definitions::Definitions;
use super::format::Format;

/// What is said in a conversation: items, written as the input of a response.
pub(crate) const CONVERSATION: Format = Format {
    wire: Wire::Conversation,
    ..RESPONSES
};

/// What a request to `/v1/responses` may hold.
pub(crate) const RESPONSES: Format = Format {
    wire: Wire::Responses,
    definitions: Definitions {
        schemas: &[
            &["tools", "[]", "parameters"],
            &["tools", "[]", "output_schema"],
            &["text", "format", "schema"],
        ],
        names: &[
            &["tools", "[]", "name"],
            &["tool_choice", "name"],
            &["tool_choice", "tools", "[]", "name"],
            &["input", "[]", "name"],
            &["text", "format", "name"],
        ],
    },
    call_ids: &[&["input", "[]", "call_id"], &["input", "[]", "id"]],
    only: &[
        // One that holds or asks for what nobody here can see is refused; so is one that stands at the provider, by the form.
        (
            &["input", "[]", "type"],
            &[
                "message",
                "item_reference",
                "function_call",
                "function_call_output",
                "custom_tool_call",
                "custom_tool_call_output",
                "local_shell_call",
                "local_shell_call_output",
                "apply_patch_call",
                "apply_patch_call_output",
                "reasoning",
                "compaction",
            ],
        ),
        (
            &["input", "[]", "content", "[]", "type"],
            &[
                "input_text",
                "output_text",
                "text",
                "refusal",
                "reasoning_text",
            ],
        ),
        (&["input", "[]", "summary", "[]", "type"], &["summary_text"]),
        (
            &["input", "[]", "output", "[]", "type"],
            &["input_text", "output_text", "text"],
        ),
        // Of tools that the provider runs, the results never pass by us.
        (
            &["tools", "[]", "type"],
            &["function", "custom", "local_shell", "apply_patch"],
        ),
    ],
    closed: &[
        &["input", "[]", "content", "[]", "image_url"],
        &["input", "[]", "content", "[]", "file_id"],
        &["input", "[]", "content", "[]", "file_data"],
        &["input", "[]", "content", "[]", "file_url"],
        &["input", "[]", "content", "[]", "input_audio"],
        &["input", "[]", "output", "[]", "image_url"],
        &["input", "[]", "output", "[]", "file_id"],
        &["input", "[]", "output", "[]", "file_data"],
        &["input", "[]", "output", "[]", "file_url"],
        &["input", "[]", "output", "image_url"],
        &["input", "[]", "result"],
        // Content is a text or a list of parts.
        &["input", "[]", "content", "*"],
        &["input", "[]", "content", "[]", "[]", "*"],
        // A text that the provider keeps, with places for ours.
        &["prompt"],
        // Fields by which a provider of this format searches the web, or asks other ones than the register decided on.
        &["web_search_options"],
        &["search_parameters"],
        &["enable_search"],
        &["plugins"],
        &["provider"],
        &["models"],
        &["route"],
    ],
    sealed: &[&["input", "[]", "encrypted_content"]],
};
