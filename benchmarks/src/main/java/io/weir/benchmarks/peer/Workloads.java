package io.weir.benchmarks.peer;

import io.weir.test.network.LinkProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The workloads, in the order of the table, and how an option names them. */
public final class Workloads {
    /** 100 Mbit/s at 20 ms, and a queue of a little more than what is under way then. */
    private static final LinkProfile ACCESS = LinkProfile.PERFECT
            .withBytesPerSecond(12_500_000)
            .withLatency(Duration.ofMillis(10))
            .withQueueLimit(200);

    private static final List<Workload> ALL = List.of(
            new StreamWorkload("S-64", 1, 64),
            new StreamWorkload("S-1K", 1, 1024),
            new StreamWorkload("S-16K", 1, 16 * 1024),
            new StreamWorkload("F-1K", 100, 1024),
            new RequestWorkload("R1", 1, 64),
            new RequestWorkload("R256", 256, 64),
            impaired("L-0", ACCESS),
            impaired("L-0.1", ACCESS.withLoss(0.001)),
            impaired("L-1", ACCESS.withLoss(0.01)),
            impaired("L-3", ACCESS.withLoss(0.03)),
            impaired("L-G4", LinkProfile.G4),
            impaired("L-G3", LinkProfile.G3));

    private Workloads() {}

    /** All workloads. */
    public static List<Workload> all() {
        return ALL;
    }

    /** The workload of that id; {@link IllegalArgumentException} names the legal ones otherwise. */
    public static Workload byId(String id) {
        return ALL.stream()
                .filter(workload -> workload.id().equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(() -> unknown(id));
    }

    /**
     * Resolves names given by a user: an id ({@code S-64}) or a group, the letter it begins with ({@code S}).
     * The result is in table order and without repetitions.
     */
    public static List<Workload> select(List<String> names) {
        Set<Workload> chosen = new LinkedHashSet<>();
        for (String name : names) {
            String wanted = name.strip().toUpperCase(Locale.ROOT);
            List<Workload> matches = ALL.stream()
                    .filter(workload ->
                            workload.id().equals(wanted) || group(workload).equals(wanted))
                    .toList();
            if (matches.isEmpty()) {
                throw unknown(name);
            }
            chosen.addAll(matches);
        }
        List<Workload> ordered = new ArrayList<>(ALL);
        ordered.retainAll(chosen);
        return ordered;
    }

    private static StreamWorkload impaired(String id, LinkProfile link) {
        return new StreamWorkload(id, 1, 16 * 1024, Optional.of(link));
    }

    private static String group(Workload workload) {
        return workload.id().substring(0, 1);
    }

    private static IllegalArgumentException unknown(String name) {
        List<String> legal = new ArrayList<>();
        ALL.stream().map(Workloads::group).distinct().forEach(legal::add);
        ALL.forEach(workload -> legal.add(workload.id()));
        return new IllegalArgumentException(
                "unknown workload '" + name.strip() + "', legal: " + String.join(", ", legal));
    }
}
