package io.weir.metrics.observation;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import org.jspecify.annotations.Nullable;

/** What is observed of a dial, or of an inbound connection. */
public final class WeirConnectContext extends Observation.Context {

    private final String transport;
    private final String address;
    private volatile boolean over;
    private volatile @Nullable PeerId peer;
    private volatile @Nullable CloseReason failure;
    private volatile int described;

    WeirConnectContext(String transport, String address) {
        this.transport = transport;
        this.address = address;
    }

    /** The scheme of the transport. */
    public String transport() {
        return transport;
    }

    /** What was dialled, or where the connection came from. */
    public String address() {
        return address;
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return over;
    }

    /** Who proved to be there; null if nobody did, or it is not known yet. */
    public @Nullable PeerId peer() {
        return peer;
    }

    /** Why there is no session; null if there is one, or before the end. */
    public @Nullable CloseReason failure() {
        return failure;
    }

    /** A convention of the registry is not ours, and may have none: then these are the default's. */
    @Override
    public Observation.Context addLowCardinalityKeyValues(@Nullable KeyValues given) {
        return super.addLowCardinalityKeyValues(
                given == null ? DefaultConventions.CONNECT.getLowCardinalityKeyValues(this) : given);
    }

    @Override
    public Observation.Context addHighCardinalityKeyValues(@Nullable KeyValues given) {
        described++;
        return super.addHighCardinalityKeyValues(
                given == null ? DefaultConventions.CONNECT.getHighCardinalityKeyValues(this) : given);
    }

    /** How often a convention has given it all its key values: once at the start, once at the stop. */
    int described() {
        return described;
    }

    void ended(@Nullable PeerId proven, @Nullable CloseReason reason) {
        peer = proven;
        failure = reason;
        over = true;
    }
}
