package io.weir.metrics.observation;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A convention of the user's, and the default one for what it throws for or answers with null: an observation that has begun must
 * end, whatever it says. Any thread.
 */
final class GuardedConvention<C extends Observation.Context> implements ObservationConvention<C> {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedConvention.class);

    private final ObservationConvention<C> users;
    private final ObservationConvention<C> byDefault;
    private final String name;
    private final AtomicBoolean told;

    /**
     * @param name of the observation, where the user's gives none
     * @param told whether the log has been told that the user's fails
     */
    GuardedConvention(
            ObservationConvention<C> users, ObservationConvention<C> byDefault, String name, AtomicBoolean told) {
        this.users = users;
        this.byDefault = byDefault;
        this.name = name;
        this.told = told;
    }

    @Override
    public String getName() {
        String given = ask(ObservationConvention::getName);
        return given == null || given.isBlank() ? name : given;
    }

    @Override
    public @Nullable String getContextualName(C context) {
        String given = ask(convention -> convention.getContextualName(context));
        return given == null ? byDefault.getContextualName(context) : given;
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(C context) {
        KeyValues given = ask(convention -> convention.getLowCardinalityKeyValues(context));
        return given == null ? byDefault.getLowCardinalityKeyValues(context) : given;
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(C context) {
        KeyValues given = ask(convention -> convention.getHighCardinalityKeyValues(context));
        return given == null ? byDefault.getHighCardinalityKeyValues(context) : given;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return byDefault.supportsContext(context);
    }

    private <T> @Nullable T ask(Function<ObservationConvention<C>, @Nullable T> question) {
        try {
            return question.apply(users);
        } catch (RuntimeException e) {
            if (told.compareAndSet(false, true)) {
                LOG.warn("The convention {} failed; the default holds, and this is said once", users, e);
            }
            return null;
        }
    }
}
