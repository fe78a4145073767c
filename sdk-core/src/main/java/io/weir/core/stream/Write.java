package io.weir.core.stream;

/** What became of an attempt to write an element of a {@link SendHalf} into a record. */
public enum Write {
    /** The header of the whole element is written and its credit spent: now put the payload. */
    OK,
    /** The last byte of the element is written. */
    DONE,
    /** The credit does not suffice now; BLOCKED will be sent, and {@link StreamListener#onSendable} follows. */
    NO_CREDIT,
    /** The record has no room for more of this element: go on in the next one. */
    RECORD_FULL,
    /** The element goes out in fragments only: use {@link SendHalf#write}. */
    NEEDS_FRAGMENTS
}
