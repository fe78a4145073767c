package io.weir.metrics.observation;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import io.weir.reactive.Interaction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is observed of something that this node begins. Its carrier takes what is to go along in the headers. */
public final class WeirClientContext extends SenderContext<Map<String, String>> {

    private final Interaction interaction;
    private volatile Interaction.@Nullable End end;
    private volatile int described;

    WeirClientContext(Interaction interaction) {
        super(
                (carrier, key, value) ->
                        Objects.requireNonNull(carrier, "carrier").put(key, value),
                interaction.kind() == Interaction.Kind.MESSAGE ? Kind.PRODUCER : Kind.CLIENT);
        this.interaction = interaction;
        setCarrier(new LinkedHashMap<>());
    }

    /** What is sent, as the interceptors before this one have made it. */
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
                given == null ? DefaultConventions.CLIENT.getLowCardinalityKeyValues(this) : given);
    }

    @Override
    public Observation.Context addHighCardinalityKeyValues(@Nullable KeyValues given) {
        described++;
        return super.addHighCardinalityKeyValues(
                given == null ? DefaultConventions.CLIENT.getHighCardinalityKeyValues(this) : given);
    }

    /** How often a convention has given it all its key values: once at the start, once at the stop. */
    int described() {
        return described;
    }

    void ended(Interaction.End how) {
        end = how;
    }
}
