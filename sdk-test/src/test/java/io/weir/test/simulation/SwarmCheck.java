package io.weir.test.simulation;

import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.simulation.Acquaintances.Pair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What must be so in a swarm that has had the time to settle: one session for each pair of which one wants the other. */
final class SwarmCheck {

    private static final int TIMERS_OF_A_SESSION = 2;
    private static final int TOLD_OF_A_PAIR = 20;

    private final SimulatedNetwork network;
    private final Map<String, SwarmHost> hosts;
    private final List<Wish> wishes;
    private final Set<Pair> pairs = new LinkedHashSet<>();
    private final Story story;

    SwarmCheck(SimulatedNetwork network, Map<String, SwarmHost> hosts, List<Wish> wishes, Story story) {
        this.network = network;
        this.hosts = hosts;
        this.wishes = wishes;
        this.story = story;
        wishes.forEach(wish -> pairs.add(Pair.of(wish)));
    }

    /** Each wish is granted, each pair has one session, and there is no other. */
    boolean isSettled() {
        return wishes.stream().allMatch(wish -> at(wish.from()).isGranted(wish))
                && pairs.stream().allMatch(this::hasOneSession)
                && all().stream().mapToInt(host -> host.live().size()).sum() == 2 * pairs.size();
    }

    /** The sessions of each pair, of both ends. */
    Map<Pair, List<PeerSession>> sessions() {
        Map<Pair, List<PeerSession>> all = new HashMap<>();
        pairs.forEach(pair -> all.put(pair, sessions(pair)));
        return all;
    }

    /** Each end asks the other one which of its sessions that is; {@link #requireAnswers} some time later. */
    Map<PeerSession, String> ask() {
        Map<PeerSession, String> answers = new HashMap<>();
        sessions()
                .values()
                .forEach(both -> both.forEach(session -> SwarmHost.ask(session)
                        .subscribe(answer -> answers.put(session, answer), e -> answers.put(session, e.toString()))));
        return answers;
    }

    /** The two ends of each pair have the same session, and it works both ways. */
    void requireAnswers(Map<PeerSession, String> answers) {
        sessions().forEach((pair, both) -> {
            PeerSession one = both.get(0);
            PeerSession other = both.get(1);
            require(
                    SwarmHost.answer(other).equals(answers.get(one))
                            && SwarmHost.answer(one).equals(answers.get(other)),
                    () -> pair + " do not have the same session: " + both + ", they hear " + answers.get(one) + " and "
                            + answers.get(other));
        });
    }

    /** Where nothing happens a session has timers, and nothing else does. */
    void requireTimersOfSessionsOnly() {
        for (SwarmHost host : all()) {
            int timers = network.timers(host.name());
            require(
                    timers <= TIMERS_OF_A_SESSION * host.live().size(),
                    () -> host.name() + " has " + timers + " timers for " + host.live());
        }
    }

    /** Each pair that is not as it must be, and what has happened to it. */
    String wrong() {
        String wrong = pairs.stream()
                .filter(pair -> !hasOneSession(pair) || !isGranted(pair))
                .map(this::described)
                .collect(Collectors.joining());
        return wrong.isEmpty() ? " sessions that nobody wants, or others than before" : wrong;
    }

    static void require(boolean legal, Supplier<String> what) {
        if (!legal) {
            throw new AssertionError(what.get());
        }
    }

    private boolean hasOneSession(Pair pair) {
        List<PeerSession> both = sessions(pair);
        return both.size() == 2
                && both.get(0).initiator() != both.get(1).initiator()
                && both.stream().allMatch(session -> session.state() == SessionState.READY);
    }

    private boolean isGranted(Pair pair) {
        return wishesOf(pair).stream().allMatch(wish -> at(wish.from()).isGranted(wish));
    }

    private List<PeerSession> sessions(Pair pair) {
        SwarmHost low = at(pair.low());
        SwarmHost high = at(pair.high());
        List<PeerSession> both = new ArrayList<>(low.live(high.id()));
        both.addAll(high.live(low.id()));
        return both;
    }

    private List<Wish> wishesOf(Pair pair) {
        return wishes.stream().filter(wish -> Pair.of(wish).equals(pair)).toList();
    }

    private String described(Pair pair) {
        String states = wishesOf(pair).stream()
                .map(wish -> "\n    " + wish + ": " + at(wish.from()).state(wish))
                .collect(Collectors.joining());
        return "\n  " + pair + " have " + sessions(pair) + states + "\n    after"
                + story.of(pair.low(), pair.high(), TOLD_OF_A_PAIR);
    }

    private List<SwarmHost> all() {
        return List.copyOf(hosts.values());
    }

    private SwarmHost at(String name) {
        SwarmHost host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("host is " + name + ", must be one of " + hosts.keySet());
        }
        return host;
    }
}
