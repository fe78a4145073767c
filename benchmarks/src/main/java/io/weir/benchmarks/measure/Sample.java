package io.weir.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The running totals of one process at one moment.
 *
 * @param nanos that process's {@link System#nanoTime()}
 * @param cpuNanos CPU time of the process, all threads, in ns
 * @param allocatedBytes bytes allocated on the Java heap by all threads
 * @param gcMillis time spent in garbage collection, in ms
 * @param elements elements or replies received; 0 on a server
 * @param bytes payload bytes received; 0 on a server
 * @param corrupt elements or replies received that were not as sent
 * @param latencies of the replies; none without requests
 */
public record Sample(
        long nanos,
        long cpuNanos,
        long allocatedBytes,
        long gcMillis,
        long elements,
        long bytes,
        long corrupt,
        Latencies latencies) {

    /** The sample as named fields of a line between processes. */
    public Map<String, String> toFields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("nanos", Long.toString(nanos));
        fields.put("cpuNanos", Long.toString(cpuNanos));
        fields.put("allocatedBytes", Long.toString(allocatedBytes));
        fields.put("gcMillis", Long.toString(gcMillis));
        fields.put("elements", Long.toString(elements));
        fields.put("bytes", Long.toString(bytes));
        fields.put("corrupt", Long.toString(corrupt));
        fields.put("latencies", latencies.encode());
        return fields;
    }

    /** The inverse of {@link #toFields()}; {@link IllegalArgumentException} names a field that is missing. */
    public static Sample ofFields(Map<String, String> fields) {
        return new Sample(
                number(fields, "nanos"),
                number(fields, "cpuNanos"),
                number(fields, "allocatedBytes"),
                number(fields, "gcMillis"),
                number(fields, "elements"),
                number(fields, "bytes"),
                number(fields, "corrupt"),
                Latencies.decode(text(fields, "latencies")));
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(text(fields, name));
    }

    private static String text(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("sample without field '" + name + "': " + fields);
        }
        return value;
    }
}
