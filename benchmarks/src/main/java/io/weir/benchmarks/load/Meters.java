package io.weir.benchmarks.load;

import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.Ratios;
import io.weir.benchmarks.measure.Summary;
import io.weir.benchmarks.measure.Window;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.run.PeerFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Meters: what those of weir-metrics cost, by windows without and with them in turn. Processes of the same program differ by more than is
 * looked for, in what was compiled; so a server and a client process have two nodes each, of which one has meters, and what was
 * compiled is the same for both. That has its price: where an observer is asked for, shared code knows of both, so that the side without
 * may be a little slower than alone. Therefore the same is told of nodes in processes of their own; and what two nodes
 * without meters differ by, which is what the method cannot tell apart.
 *
 * @param workloads each for itself, in processes of its own
 * @param pairs of fresh processes, one after the other, at least 1
 * @param warmUp rounds in each that do not count, before those that do
 * @param rounds of windows in each that count, at least 1
 * @param time of a window
 */
record Meters(List<Workload> workloads, int pairs, int warmUp, int rounds, Duration time) implements Load {

    static final String WITHOUT = "weir";
    static final String WITH = "weir-metrics";

    private static final String LOAD = "meters";
    private static final double GOAL = 1.03;

    /** One of two peers, in whichever of the processes it is. */
    private record Place(int process, int peer) {}

    /** The windows of both, those of a round at the same place. */
    private static final class Both {
        final List<Window> without = new ArrayList<>();
        final List<Window> with = new ArrayList<>();

        /** What is more of it the worse it is, by what it is without meters. */
        Ratios worse(Figure figure) {
            return figure == Figure.RATE ? Ratios.of(figure, without, with) : Ratios.of(figure, with, without);
        }
    }

    @Override
    public List<Finding> run() throws IOException, PeerFailure, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (Workload workload : workloads) {
            add(findings, workload, "in the same processes", true, List.of(List.of(WITHOUT, WITH)));
            add(findings, workload, "each in its own processes", false, List.of(List.of(WITHOUT), List.of(WITH)));
            add(findings, workload, "in the same processes, both without", false, List.of(List.of(WITHOUT, WITHOUT)));
        }
        return findings;
    }

    private void add(
            List<Finding> findings, Workload workload, String where, boolean judged, List<List<String>> processes)
            throws IOException, PeerFailure, InterruptedException {
        Both all = new Both();
        List<Double> byPair = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            Both one = measured(workload, processes);
            byPair.add(one.worse(Figure.RATE).median());
            all.without.addAll(one.without);
            all.with.addAll(one.with);
        }
        String what = workload.id() + ", " + where;
        findings.add(Finding.told(LOAD, what + ": without meters", plainly(all.without, workload)));
        findings.add(finding(what + ": rate without by with", all.worse(Figure.RATE), judged));
        findings.add(finding(what + ": processor time with by without", all.worse(Figure.CPU), judged));
        findings.add(Finding.told(
                LOAD,
                what + ": rates by pair of processes",
                byPair.stream().map(Figures::fineRatio).collect(Collectors.joining(", "))));
    }

    /** By fresh processes, whose peers are warmed up in turn. */
    private Both measured(Workload workload, List<List<String>> processes)
            throws IOException, PeerFailure, InterruptedException {
        List<Place> places = new ArrayList<>();
        List<SharedPair> started = new ArrayList<>();
        try {
            for (List<String> peers : processes) {
                int process = started.size();
                started.add(SharedPair.start(workload, peers));
                IntStream.range(0, peers.size()).forEach(peer -> places.add(new Place(process, peer)));
            }
            for (int round = 0; round < warmUp; round++) {
                for (Place place : places) {
                    started.get(place.process()).warmUp(place.peer(), time);
                }
            }
            Both both = new Both();
            for (int round = 0; round < rounds; round++) {
                boolean forth = round % 2 == 0;
                Window first = window(started, places.get(forth ? 0 : 1));
                Window second = window(started, places.get(forth ? 1 : 0));
                both.without.add(forth ? first : second);
                both.with.add(forth ? second : first);
            }
            return both;
        } finally {
            started.forEach(SharedPair::close);
        }
    }

    private Window window(List<SharedPair> started, Place place) throws PeerFailure, InterruptedException {
        return started.get(place.process()).window(place.peer(), time);
    }

    /** Of ratios of which 1 is that meters cost nothing; judged by their median. */
    static Finding finding(String figure, Ratios ratios, boolean judged) {
        String value = Figures.ratios(ratios, Figures::fineRatio) + " by "
                + ratios.byRound().size() + " rounds";
        return judged
                ? new Finding(LOAD, figure, value, "at most 1.03x", ratios.median() <= GOAL)
                : Finding.told(LOAD, figure, value);
    }

    private static String plainly(List<Window> windows, Workload workload) {
        return Figures.number(median(windows, Figure.RATE)) + " " + workload.unit() + "/s, "
                + Figures.number(median(windows, Figure.CPU)) + " ns of processor time for one";
    }

    private static double median(List<Window> windows, Figure figure) {
        return Summary.of(windows.stream().mapToDouble(figure::of).toArray()).median();
    }
}
