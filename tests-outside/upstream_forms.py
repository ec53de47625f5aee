"""Forms of parts as the recording provider reads them."""

import email
import email.policy


def parts(headers, body):
    """Each part of a form: its field, the name of its file if it is one, its media type, and its bytes."""
    head = f"content-type: {headers.get('content-type')}\r\n\r\n".encode()
    form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        yield name, part.get_filename(), part.get_content_type(), part.get_payload(decode=True)
