package io.weir.metrics;

/**
 * The tags of the meters. Each has few values, all known beforehand but those of {@link #TYPE}, which are the user's, and those
 * of {@link #TRANSPORT}; none names a peer, an address or a stream, which come and go.
 */
public enum WeirTag {
    TRANSPORT("transport", "the scheme of the addresses: `tcp`, `memory`, or that of a transport of the user's"),
    ROLE(
            "role",
            "of a session or handshake `initiator` (this node dialled) or `responder`; of requests `client` (this node "
                    + "asks) or `server` (it answers)"),
    STATE(
            "state",
            "of a session `ready` or `draining`; of the time of a half `sending`, `blocked_by_credit`, "
                    + "`blocked_by_link` or `idle`"),
    DIRECTION(
            "direction", "`sent` or `received`; of grants, who gave the credit: this node `sent` it, or `received` it"),
    RELIABILITY("reliability", "this node's configuration of the stream: `reliable` or `fire_and_forget`"),
    TYPE("type", "what the user's function makes of the name of a stream or of a route, `other` without one"),
    OUTCOME(
            "outcome",
            "`success`, or the error code in lower case, as the table of error codes has it: `silence`, `busy`"),
    KIND("kind", "what the peer began: `request`, `message` or `stream`"),
    MEMORY("memory", "`received`: for what peers send; `unsent`: for what peers have not taken");

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
