package io.weir.benchmarks.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * The system calls of one process in a window of their own, by name.
 *
 * @param total all of them
 * @param byName those that were counted by name: with perf the ones of sockets and waiting, with strace all
 */
public record SystemCalls(long total, Map<String, Long> byName) {
    private static final String TRACEPOINT = "sys_enter";

    public SystemCalls {
        byName = Map.copyOf(byName);
    }

    /** What {@code perf stat -x,} wrote; {@link IllegalArgumentException} if the total is not in it. */
    public static SystemCalls ofPerf(String text) {
        Map<String, Long> counts = new TreeMap<>();
        long total = -1;
        for (String line : text.split("\n")) {
            String[] fields = line.split(",");
            // count, unit, event, and what does not matter here; the count of what cannot be counted is in words.
            if (fields.length < 3 || !isNumber(fields[0])) {
                continue;
            }
            String event = fields[2].substring(fields[2].indexOf(':') + 1);
            long count = Long.parseLong(fields[0]);
            if (event.equals(TRACEPOINT)) {
                total = count;
            } else if (count > 0) {
                counts.put(event.replace(TRACEPOINT + "_", ""), count);
            }
        }
        return checked(total, counts, text);
    }

    /** What {@code strace -c} wrote; {@link IllegalArgumentException} if the total is not in it. */
    public static SystemCalls ofStrace(String text) {
        Map<String, Long> counts = new TreeMap<>();
        long total = -1;
        for (String line : text.split("\n")) {
            String[] fields = line.strip().split("\\s+");
            // % time, seconds, microseconds a call, calls, errors (only where there are some), name.
            if (fields.length < 5 || !isNumber(fields[3])) {
                continue;
            }
            String name = fields[fields.length - 1];
            long count = Long.parseLong(fields[3]);
            if (name.equals("total")) {
                total = count;
            } else {
                counts.put(name, count);
            }
        }
        return checked(total, counts, text);
    }

    private static SystemCalls checked(long total, Map<String, Long> counts, String text) {
        if (total < 0) {
            throw new IllegalArgumentException("no count of system calls: " + text.strip());
        }
        return new SystemCalls(total, counts);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
