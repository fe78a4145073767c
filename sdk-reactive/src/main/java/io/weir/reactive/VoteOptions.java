package io.weir.reactive;

import io.weir.core.error.Legal;
import io.weir.core.integrity.VoteKey;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a vote is asked for.
 *
 * @param timeout how long an answer is waited for, 1 ms to 1 h; default 32 s
 * @param key null, by default, takes the word of whoever sees the question; a key takes that of those who have it too
 */
public record VoteOptions(Duration timeout, @Nullable VoteKey key) {

    private static final VoteOptions DEFAULTS = new VoteOptions(Duration.ofSeconds(32), null);

    public VoteOptions {
        Legal.range("timeout", timeout, Duration.ofMillis(1), Duration.ofHours(1));
    }

    /** 32 s, and no key. */
    public static VoteOptions defaults() {
        return DEFAULTS;
    }

    /** These with another time limit. */
    public VoteOptions withTimeout(Duration value) {
        return new VoteOptions(value, key);
    }

    /** These with a key: the answer has to be of somebody who has it. */
    public VoteOptions withKey(VoteKey value) {
        return new VoteOptions(timeout, Objects.requireNonNull(value, "value"));
    }
}
