package io.weir.core.stream;

/** What a sending half does at a moment, or what it waits for: who is slow. */
public enum HalfState {
    /** Nothing is to be sent: the publisher, or whoever calls {@code trySend}, is the slow one. */
    IDLE,

    /** It has elements and credit, and its turns at a link that takes them: this node, or those it shares the link with. */
    SENDING,

    /** The peer has not allowed more: the subscriber there is the slow one, or its window is too small for the distance. */
    BLOCKED_BY_CREDIT,

    /**
     * It has elements and credit, and the link takes nothing; or no element can be encoded while so much else waits for links
     * to take it.
     */
    BLOCKED_BY_LINK
}
