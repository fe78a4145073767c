package io.weir.test;

import io.weir.reactive.PeerNodeSpec;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import io.weir.test.network.Seeds;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@link TestNodes} to be: inert and immutable. Each call returns a changed copy. */
public final class TestNodesSpec {

    private final Map<String, UnaryOperator<PeerNodeSpec>> nodes;
    private final UnaryOperator<PeerNodeSpec> each;
    private final long seed;
    private final LinkProfile profile;
    private final @Nullable Scenario scenario;
    private final boolean connected;
    private final Consumer<TestNodes> starts;

    private TestNodesSpec(Draft draft) {
        nodes = Collections.unmodifiableMap(draft.nodes);
        each = draft.each;
        seed = draft.seed;
        profile = draft.profile;
        scenario = draft.scenario;
        connected = draft.connected;
        starts = draft.starts;
    }

    /** No nodes; perfect links; seed 1, or the one that {@code -Dweir.seed} names. */
    static TestNodesSpec empty() {
        return new TestNodesSpec(new Draft());
    }

    /** Another node, with nothing declared. */
    public TestNodesSpec node(String name) {
        return node(name, UnaryOperator.identity());
    }

    /**
     * Another node.
     *
     * @param name not empty, without {@code ~}, not taken
     * @param declaring handlers, limits, admission ...; identity, transport and address are given already
     */
    public TestNodesSpec node(String name, UnaryOperator<PeerNodeSpec> declaring) {
        Draft draft = new Draft(this);
        if (draft.nodes.putIfAbsent(name, Objects.requireNonNull(declaring, "declaring")) != null) {
            throw new IllegalArgumentException("a node called '" + name + "' is there already");
        }
        return new TestNodesSpec(draft);
    }

    /** What every node declares, before its own declarations; in place of what was said here earlier. */
    public TestNodesSpec each(UnaryOperator<PeerNodeSpec> declaring) {
        Draft draft = new Draft(this);
        draft.each = Objects.requireNonNull(declaring, "declaring");
        return new TestNodesSpec(draft);
    }

    /** Where chance decides, and for the nodes' keys: the same seed gives the same run. */
    public TestNodesSpec seed(long newSeed) {
        Draft draft = new Draft(this);
        draft.seed = newSeed;
        return new TestNodesSpec(draft);
    }

    /** What every link is like, in both directions. */
    public TestNodesSpec profile(LinkProfile newProfile) {
        Draft draft = new Draft(this);
        draft.profile = Objects.requireNonNull(newProfile, "profile");
        return new TestNodesSpec(draft);
    }

    /** What takes place between every two nodes from the beginning; of each two the one declared first is the one that moves. */
    public TestNodesSpec scenario(Scenario newScenario) {
        Draft draft = new Draft(this);
        draft.scenario = Objects.requireNonNull(newScenario, "scenario");
        return new TestNodesSpec(draft);
    }

    /** Nobody dials by itself: {@link TestNodes#connect} does, or the test. */
    public TestNodesSpec unconnected() {
        Draft draft = new Draft(this);
        draft.connected = false;
        return new TestNodesSpec(draft);
    }

    /** Tells of the nodes that are started from this and its copies, before they are connected. */
    TestNodesSpec tellingStarts(Consumer<TestNodes> told) {
        Draft draft = new Draft(this);
        draft.starts = told;
        return new TestNodesSpec(draft);
    }

    /**
     * Starts the nodes. Each dials those declared after it, again and again if need be, and virtual time passes until all
     * sessions are ready.
     *
     * @throws AssertionError if they are not within an hour of virtual time
     */
    public TestNodes start() {
        return TestNodes.start(this);
    }

    Map<String, UnaryOperator<PeerNodeSpec>> nodes() {
        return nodes;
    }

    UnaryOperator<PeerNodeSpec> each() {
        return each;
    }

    long seed() {
        return seed;
    }

    LinkProfile profile() {
        return profile;
    }

    @Nullable
    Scenario scenario() {
        return scenario;
    }

    boolean connected() {
        return connected;
    }

    Consumer<TestNodes> starts() {
        return starts;
    }

    /** A spec while it is changed. */
    private static final class Draft {
        private final Map<String, UnaryOperator<PeerNodeSpec>> nodes = new LinkedHashMap<>();
        private UnaryOperator<PeerNodeSpec> each = UnaryOperator.identity();
        private long seed = Seeds.from(1, 1).findFirst().orElseThrow();
        private LinkProfile profile = LinkProfile.PERFECT;
        private @Nullable Scenario scenario;
        private boolean connected = true;
        private Consumer<TestNodes> starts = started -> {};

        Draft() {}

        Draft(TestNodesSpec from) {
            nodes.putAll(from.nodes);
            each = from.each;
            seed = from.seed;
            profile = from.profile;
            scenario = from.scenario;
            connected = from.connected;
            starts = from.starts;
        }
    }
}
