package io.weir.core.stream;

/** What a sending half promises about its elements. */
public enum Reliability {
    /** First in, first out, each exactly once within the session, on every transport. */
    RELIABLE,
    /**
     * Delivered at once, at most once and in increasing order, with counted gaps; nothing is sent again. On a link that
     * loses nothing, nothing is lost.
     */
    FIRE_AND_FORGET
}
