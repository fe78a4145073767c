package io.weir.core.datagram;

/**
 * Why a datagram was dropped: without an answer, and without a change to anything but a {@link DropCounts count}. Of Weir's own datagrams, and
 * of QUIC's as far as they are dropped before its library or by word of this side: what the library drops it does not tell.
 */
public enum Drop {
    /** Shorter than its type can be, down to no byte at all. */
    TRUNCATED,
    /** A client's first packet of QUIC in a datagram of less than 1,200 bytes, to which an answer could be longer than what was sent for it. */
    SHORT_INITIAL,
    /** Its first byte is no type of this version. */
    UNKNOWN_TYPE,
    /** Longer than its type can be, or a field that is not what this version puts there. */
    MALFORMED,
    /** Nobody here has its receiver index: late, misdirected, or guessed. */
    UNKNOWN_INDEX,
    /** A packet whose number was seen, or lies below the window of those that are told apart. */
    REPLAYED,
    /** It does not open: altered, forged, or of a key that is not kept. */
    NOT_AUTHENTIC,
    /** Message 3 under a network key begins well and does not open: of an initiator with another network key, or altered. */
    NETWORK_KEY,
    /** A cookie, which is QUIC's token, that is old, altered, or was made for another address or handshake. */
    COOKIE_REFUSED,
    /** A message of a handshake that comes from elsewhere than its first. */
    OTHER_ADDRESS,
    /** Genuine, perhaps, and of no use any more: a second RETRY, an answer to what was answered. */
    LATE,
    /** No receiver index is free for another handshake. */
    NO_PLACE,
    /**
     * A message of a handshake, or a question, to a port that takes none: of a node that only dials, or has ended its listener. Anything, to one
     * that has no user of its kind any more.
     */
    NOT_LISTENING,
    /** A question of the fast path with a command that nobody here has registered. */
    UNKNOWN_COMMAND,
    /** One more question from a network that has asked as much as it may. */
    TOO_MANY_QUESTIONS,
    /** A question that found no place among those that wait: for their share of the loop, or for a worker. */
    OVERLOADED,
    /** It has come to another socket of its port than the one that it is for, and too many wait to be handed over to that one. */
    HANDOVER_FULL,
    /** A question to which its handler gave no answer: malformed, not authentic, or there is none. */
    UNANSWERED,
    /** A question at which its handler failed. */
    HANDLER_FAILED,
    /** An answer to what nobody here has asked, or asks no more. */
    UNASKED
}
