package io.weir.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the meters are tagged.
 *
 * @param tags beside the meters' own: to tell apart what several {@link WeirMetrics} of one registry count
 * @param types the type of a stream of this name, or of a request of this route, for {@link WeirTag#TYPE}; null: {@code
 *     other}, and so is what it throws for. It is asked once for each of the names that were used first, on any thread
 */
public record MeterOptions(Tags tags, Function<? super String, ? extends @Nullable String> types) {

    /** Types that are told apart: 32, without {@code other}, which every further one is. */
    public static final int MOST_TYPES = 32;

    public MeterOptions {
        Objects.requireNonNull(tags, "tags");
        Objects.requireNonNull(types, "types");
        for (WeirTag own : WeirTag.values()) {
            if (tags.stream().anyMatch(tag -> tag.getKey().equals(own.key()))) {
                throw new IllegalArgumentException(
                        "tags has the key \"" + own.key() + "\", which is a meter's own; legal: any other");
            }
        }
    }

    /** No further tags, and every stream and request of the type {@code other}. */
    public static MeterOptions defaults() {
        return new MeterOptions(Tags.empty(), name -> null);
    }

    /** The same with these tags. */
    public MeterOptions withTags(Tags newTags) {
        return new MeterOptions(newTags, types);
    }

    /** The same with these types. */
    public MeterOptions withTypes(Function<? super String, ? extends @Nullable String> newTypes) {
        return new MeterOptions(tags, newTypes);
    }
}
