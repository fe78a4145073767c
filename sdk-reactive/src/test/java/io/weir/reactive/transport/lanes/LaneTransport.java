package io.weir.reactive.transport.lanes;

import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.CarrierTransport;
import io.weir.reactive.transport.Transport;

/** Another transport, on whose connections the lanes of a session keep no order between them; see {@link LaneCarrier}. */
public final class LaneTransport extends CarrierTransport {

    private final Delays delays;

    /** @param seed from which everything follows that chance decides */
    public LaneTransport(Transport actual, Delays delays, long seed) {
        super(actual, seed);
        this.delays = delays;
    }

    @Override
    protected Carrier over(Carrier actual, long seed) {
        return new LaneCarrier(actual, delays, seed);
    }
}
