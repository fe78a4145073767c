package io.weir.samples.cli.stats;

import io.weir.reactive.NodeStats;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A node's figures by name, as they travel from one tool to another: a line {@code name=number} for each, in the order in which people
 * read them. A tool of another version may have others: whoever reads takes what comes.
 */
public final class StatsText {

    private StatsText() {}

    /** Those of a snapshot. */
    public static Map<String, Long> figures(NodeStats stats) {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("sessions", stats.sessions());
        all.put("accepted", stats.accepted());
        for (NodeStats.Connections each : stats.connections()) {
            String name = each.transport() + "." + each.direction() + ".";
            all.put(name + "handshaking", each.handshaking());
            all.put(name + "ready", each.ready());
            all.put(name + "draining", each.draining());
            all.put(name + "closing", each.closing());
            putAll(all, name + "failed.", each.failed());
            putAll(all, name + "ended.", each.ended());
        }
        putAll(all, "handshakes.", stats.handshakes());
        all.put("writing", stats.writing());
        all.put("turned_away.retries", stats.turnedAway().retries());
        putAll(all, "turned_away.", stats.turnedAway().rejected());
        all.put("requests.running", stats.handled().running());
        putAll(all, "requests.", stats.handled().outcomes());
        all.put(
                "requests.queue_us",
                TimeUnit.NANOSECONDS.toMicros(stats.handled().queueNanos()));
        all.put(
                "requests.service_us",
                TimeUnit.NANOSECONDS.toMicros(stats.handled().serviceNanos()));
        stats.refused().forEach((kind, reasons) -> putAll(all, "refused." + kind + ".", reasons));
        put(all, "sent.", stats.traffic().sent());
        put(all, "received.", stats.traffic().received());
        all.put("late.elements", stats.traffic().late());
        all.put("moves.followed", stats.moves().followed());
        all.put("moves.unproven", stats.moves().unproven());
        all.put("fastpath.received", stats.fastPath().received());
        all.put("fastpath.answered", stats.fastPath().answered());
        all.put("datagrams.sent", stats.datagrams().sent());
        all.put("datagrams.received", stats.datagrams().received());
        putAll(all, "dropped.", stats.droppedDatagrams());
        all.put("memory.promised", stats.memory().promised());
        all.put("memory.unsent", stats.memory().unsent());
        Map<String, Long> named = new LinkedHashMap<>();
        all.forEach((name, value) -> named.put(name.toLowerCase(Locale.ROOT), value));
        return named;
    }

    private static void put(Map<String, Long> all, String prefix, NodeStats.Way way) {
        all.put(prefix + "records", way.records());
        all.put(prefix + "bytes", way.bytes());
        all.put(prefix + "elements", way.elements());
    }

    private static void putAll(Map<String, Long> all, String prefix, Map<? extends Enum<?>, Long> counts) {
        new TreeMap<>(counts.entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue)))
                .forEach((name, count) -> all.put(prefix + name, count));
    }

    /** As they travel. */
    public static String write(Map<String, Long> figures) {
        return figures.entrySet().stream()
                .map(figure -> figure.getKey() + "=" + figure.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /**
     * The inverse of {@link #write}.
     *
     * @throws IllegalArgumentException naming a line that is none of it
     */
    public static Map<String, Long> read(String text) {
        Map<String, Long> figures = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (!line.matches("[a-z0-9._]+=\\d{1,18}")) {
                throw new IllegalArgumentException("not a figure: '" + line + "'");
            }
            figures.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
        });
        return figures;
    }
}
