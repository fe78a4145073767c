package io.weir.core.path;

/** What a path has said about being full. */
public enum CongestionSignal {
    /** A packet was lost (RFC 9002 section 7.3.2). */
    LOSS,
    /** All packets sent over a long time were lost: next to nothing gets through (section 7.6). */
    PERSISTENT_LOSS,
    /** The peer has counted more packets that were marked Congestion Experienced; none needs to be lost (section 7.1). */
    ECN
}
