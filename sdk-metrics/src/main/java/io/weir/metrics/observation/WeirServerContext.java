package io.weir.metrics.observation;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is observed of a handler's call. Its carrier is what the peer sent along. */
public final class WeirServerContext extends ReceiverContext<Headers> {

    private final Interaction interaction;
    private volatile Interaction.@Nullable End end;
    private volatile int described;

    WeirServerContext(Interaction interaction) {
        super(
                (carrier, key) -> Objects.requireNonNull(carrier, "carrier").text(key),
                interaction.kind() == Interaction.Kind.MESSAGE ? Kind.CONSUMER : Kind.SERVER);
        this.interaction = interaction;
        setCarrier(interaction.headers());
    }

    /** What is handled, as the interceptors before this one have made it. */
    public Interaction interaction() {
        return interaction;
    }

    /** How it ended; null before. */
    public Interaction.@Nullable End end() {
        return end;
    }

    /** A convention of the registry is not ours, and may have none: then these are the default's. */
    @Override
    public Observation.Context addLowCardinalityKeyValues(@Nullable KeyValues given) {
        return super.addLowCardinalityKeyValues(
                given == null ? DefaultConventions.SERVER.getLowCardinalityKeyValues(this) : given);
    }

    @Override
    public Observation.Context addHighCardinalityKeyValues(@Nullable KeyValues given) {
        described++;
        return super.addHighCardinalityKeyValues(
                given == null ? DefaultConventions.SERVER.getHighCardinalityKeyValues(this) : given);
    }

    /** How often a convention has given it all its key values: once at the start, once at the stop. */
    int described() {
        return described;
    }

    void ended(Interaction.End how) {
        end = how;
    }
}
