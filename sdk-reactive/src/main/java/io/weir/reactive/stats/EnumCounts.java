package io.weir.reactive.stats;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each constant of an enum was counted; none of the counts ever falls. Any thread. */
public final class EnumCounts<E extends Enum<E>> {

    private final Class<E> type;
    private final E[] constants;
    private final LongAdder[] counts;

    /** Of that enum, each at 0. */
    public EnumCounts(Class<E> type) {
        this.type = type;
        constants = type.getEnumConstants();
        counts = new LongAdder[constants.length];
        for (E constant : constants) {
            counts[constant.ordinal()] = new LongAdder();
        }
    }

    /** One more. */
    public void add(E constant) {
        add(constant, 1);
    }

    /** So many more. */
    public void add(E constant, long more) {
        counts[constant.ordinal()].add(more);
    }

    /** By constant; no entry where there were none. Unmodifiable. */
    public Map<E, Long> counts() {
        Map<E, Long> told = new EnumMap<>(type);
        for (E constant : constants) {
            long count = counts[constant.ordinal()].sum();
            if (count > 0) {
                told.put(constant, count);
            }
        }
        return Collections.unmodifiableMap(told);
    }

    /** All of them together. */
    public static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
