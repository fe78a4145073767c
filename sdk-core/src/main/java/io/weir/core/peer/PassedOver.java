package io.weir.core.peer;

import io.weir.core.error.CloseReason;
import java.util.Objects;

/**
 * An address that a {@link TransportPreference} puts before the one that is used, and why it is not: the last dial there has failed.
 *
 * @param address of the preferred transport
 * @param reason why nobody was reached there
 */
public record PassedOver(PeerAddress address, CloseReason reason) {
    public PassedOver {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(reason, "reason");
    }
}
