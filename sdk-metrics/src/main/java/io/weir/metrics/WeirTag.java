package io.weir.metrics;

/**
 * The tags of the meters. Each has few values, all known beforehand but those of {@link #TYPE}, which are the user's, and those
 * of {@link #TRANSPORT}; none names a peer, an address or a stream, which come and go.
 */
public enum WeirTag {
    /** What carries a session. */
    TRANSPORT("transport", "the scheme of the addresses: `tcp`, `udp`, `memory`, or that of a transport of the user's"),
    /** Which side this node is. */
    ROLE(
            "role",
            "of a session or handshake `initiator` (this node dialled) or `responder`; of requests `client` (this node "
                    + "asks) or `server` (it answers)"),
    /** What a session or a half is doing. */
    STATE(
            "state",
            "of a session `ready` or `draining`; of the time of a half `sending`, `blocked_by_credit`, "
                    + "`blocked_by_link` or `idle`"),
    /** Which way it goes. */
    DIRECTION(
            "direction", "`sent` or `received`; of grants, who gave the credit: this node `sent` it, or `received` it"),
    /** Whether what is lost is sent again. */
    RELIABILITY("reliability", "this node's configuration of the stream: `reliable` or `fire_and_forget`"),
    /** The user's own distinction. */
    TYPE("type", "what the user's function makes of the name of a stream or of a route, `other` without one"),
    /** How it ended. */
    OUTCOME(
            "outcome",
            "`success`, or the error code in lower case, as the table of error codes has it: `silence`, `busy`"),
    /** What was begun. */
    KIND("kind", "what the peer began: `request`, `message` or `stream`"),
    /** What memory is for. */
    MEMORY("memory", "`received`: for what peers send; `unsent`: for what peers have not taken"),
    /** Why a datagram went no further. */
    REASON(
            "reason",
            "of datagrams that were not sent `no_room`, `too_large` or `failed`; of those that came and were dropped the name of "
                    + "`Drop` in lower case, or `unanswerable`: from port 0");

    private final String key;
    private final String legal;

    WeirTag(String key, String legal) {
        this.key = key;
        this.legal = legal;
    }

    /** The key of the tag. */
    public String key() {
        return key;
    }

    /** What its values are, in words, with the values in backquotes. */
    public String legal() {
        return legal;
    }
}
