package io.weir.core.error;

import java.time.Duration;
import java.util.Objects;

/** Nothing was heard for longer than the silence limit. */
public final class SilenceException extends WeirException {

    private static final long serialVersionUID = 1L;

    private final Duration silence;

    /** Found at this end. */
    public SilenceException(Duration silence) {
        super("silent for " + Objects.requireNonNull(silence, "silence"), CloseReason.local(ErrorCode.SILENCE), null);
        this.silence = silence;
    }

    /** How long nothing had been heard. */
    public Duration silence() {
        return silence;
    }
}
