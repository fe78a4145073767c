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
 * @param eachRequest whether {@link WeirMeter#REQUESTS} is a timer of the registry that records each request for itself, as
 *     percentiles and histograms want it, which a filter of the registry asks for: some 60 ns for each request, more with a
 *     histogram. Without, requests that end together are summed up, which costs a tenth of that
 */
public record MeterOptions(Tags tags, Function<? super String, ? extends @Nullable String> types, boolean eachRequest) {

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

    /** No further tags, every stream and request of the type {@code other}, requests summed up. */
    public static MeterOptions defaults() {
        return new MeterOptions(Tags.empty(), name -> null, false);
    }

    /** The same with these tags. */
    public MeterOptions withTags(Tags newTags) {
        return new MeterOptions(newTags, types, eachRequest);
    }

    /** The same with these types. */
    public MeterOptions withTypes(Function<? super String, ? extends @Nullable String> newTypes) {
        return new MeterOptions(tags, newTypes, eachRequest);
    }

    /** The same with each request for itself, or not. */
    public MeterOptions withEachRequest(boolean newEachRequest) {
        return new MeterOptions(tags, types, newEachRequest);
    }
}
