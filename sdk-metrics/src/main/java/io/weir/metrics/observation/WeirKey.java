package io.weir.metrics.observation;

import io.micrometer.common.docs.KeyName;

/** The keys of observations. Those of low cardinality become tags of meters, the others only attributes of spans. */
public enum WeirKey implements KeyName {
    /** How it ended: {@code success}, {@code cancelled}, an error code in lower case, {@code error}; {@code none} before. */
    OUTCOME("weir.outcome", true),
    /** The scheme of the transport; of connects. */
    TRANSPORT("weir.transport", true),
    /** The route of a request, or the name of a message or stream. */
    NAME("weir.name", false),
    /** The public key of the peer; of connects, {@code none} where nobody proved to be there. */
    PEER("weir.peer", false),
    /** The number of the session within the node. */
    SESSION("weir.session", false),
    /** The address that was dialled, or that the connection came from. */
    ADDRESS("weir.address", false);

    private final String key;
    private final boolean low;

    WeirKey(String key, boolean low) {
        this.key = key;
        this.low = low;
    }

    @Override
    public String asString() {
        return key;
    }

    /** Whether its values are few and known beforehand. */
    public boolean isLowCardinality() {
        return low;
    }
}
