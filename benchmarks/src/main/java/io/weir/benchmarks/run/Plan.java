package io.weir.benchmarks.run;

import io.weir.benchmarks.child.Peers;
import io.weir.benchmarks.peer.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run measures.
 *
 * @param candidates of each workload, in table order; only workloads that some candidate runs
 * @param subject id of the candidate that the others are compared with
 */
record Plan(Map<Workload, List<Candidate>> candidates, String subject) {
    private static final String WEIR = "weir";

    /**
     * Every workload with every candidate that runs it.
     *
     * @param subject as an option names it; empty: Weir, or else the first candidate
     */
    static Plan of(List<Workload> workloads, List<Candidate> candidates, String subject) {
        List<String> ids = candidates.stream().map(Candidate::id).toList();
        if (ids.stream().distinct().count() < ids.size()) {
            throw new IllegalArgumentException("peers = " + ids + ", legal: each once");
        }
        if (!subject.isEmpty() && !ids.contains(subject)) {
            throw new IllegalArgumentException("--subject = " + subject + ", legal: " + String.join(", ", ids));
        }
        Map<Workload, List<Candidate>> plan = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            List<Candidate> able = candidates.stream()
                    .filter(candidate -> isAble(candidate.peer(), workload))
                    .toList();
            if (!able.isEmpty()) {
                plan.put(workload, able);
            }
        }
        if (plan.isEmpty()) {
            throw new IllegalArgumentException("no peer of " + ids + " runs a workload of "
                    + workloads.stream().map(Workload::id).toList());
        }
        return new Plan(plan, subject.isEmpty() ? ids.contains(WEIR) ? WEIR : ids.get(0) : subject);
    }

    /** Something can lie between the sides only where they send datagrams. */
    private static boolean isAble(String peer, Workload workload) {
        return Peers.byId(peer).runs(workload) && (workload.link().isEmpty() || Peers.isOverDatagrams(peer));
    }

    /** Peers with the builds of Weir in the place of Weir itself, or behind it. */
    static List<Candidate> merge(List<Candidate> peers, List<Candidate> builds) {
        List<Candidate> all = new ArrayList<>(peers);
        int place = all.isEmpty() || !all.get(0).id().equals(WEIR) ? 0 : 1;
        all.addAll(place, builds);
        return all;
    }

    /** Processes that run at once and stay, in the workload that has most. */
    int mostProcesses() {
        return 2 * candidates.values().stream().mapToInt(List::size).max().orElse(0);
    }
}
