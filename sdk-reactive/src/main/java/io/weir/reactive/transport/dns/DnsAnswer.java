package io.weir.reactive.transport.dns;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What DNS says there is.
 *
 * @param records empty where it says that there is none
 * @param timeToLive how long all of that holds; zero where there is none
 */
public record DnsAnswer<T>(List<T> records, Duration timeToLive) {

    public DnsAnswer {
        records = List.copyOf(records);
    }

    /** The same with other records; those made null are left out. */
    public <R> DnsAnswer<R> map(Function<? super T, ? extends @Nullable R> mapper) {
        return new DnsAnswer<>(
                records.stream().<R>map(mapper).filter(Objects::nonNull).toList(), timeToLive);
    }
}
