package io.weir.reactive.transport.packets;

import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.CarrierTransport;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.lanes.Delays;

/** Another transport, on whose connections packets are lost and keep no order; see {@link LossyCarrier}. */
public final class LossyTransport extends CarrierTransport {

    private final Delays delays;

    /** @param seed from which everything follows that chance decides */
    public LossyTransport(Transport actual, Delays delays, long seed) {
        super(actual, seed);
        this.delays = delays;
    }

    @Override
    protected Carrier over(Carrier actual, long seed) {
        return new LossyCarrier(actual, delays, seed);
    }
}
