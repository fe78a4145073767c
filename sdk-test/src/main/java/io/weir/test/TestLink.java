package io.weir.test;

import io.weir.test.network.Faults;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import io.weir.test.network.SimulatedNetwork;
import java.util.Set;

/** What lies between two of {@link TestNodes}, in both directions. */
public final class TestLink {

    private final SimulatedNetwork network;
    private final String a;
    private final String b;

    TestLink(SimulatedNetwork network, String a, String b) {
        this.network = network;
        this.a = a;
        this.b = b;
    }

    /** Whether the two nodes have a link open, at one end at least. */
    public boolean isUp() {
        return network.links(a, b) > 0;
    }

    /** Bytes that links from that node to the other have carried or have under way; encrypted, handshakes included. */
    public long bytesFrom(String node) {
        return network.bytesCarried(node, other(node));
    }

    /** Breaks the link at both ends at once: their session is lost. New ones can be made. */
    public void lose() {
        network.reset(a, b);
    }

    /** Lets nothing pass, either way, and tells nobody: a session is lost when its silence limit is over. */
    public void partition() {
        network.partition(Set.of(a), Set.of(b));
    }

    /** Lets nothing from that node pass; what the other one says arrives. */
    public void partitionFrom(String node) {
        network.partitionOneWay(node, other(node));
    }

    /** Ends the partition between the two. What was sent meanwhile arrives as late as TCP would have it. */
    public void heal() {
        network.heal(a, b);
    }

    /** Lets the other node believe that this one has ended its output; nothing that it sends on that link arrives any more. */
    public void halfCloseFrom(String node) {
        network.halfClose(node, other(node));
    }

    /** What both directions are like from now on. */
    public TestLink profile(LinkProfile profile) {
        network.between(a, b).profile(profile);
        network.between(b, a).profile(profile);
        return this;
    }

    /** What takes place from now on; the first node is the one that moves. */
    public TestLink play(Scenario scenario) {
        network.play(scenario, a, b);
        return this;
    }

    /** What goes wrong on the way from that node to the other. */
    public Faults faultsFrom(String node) {
        return network.between(node, other(node));
    }

    private String other(String node) {
        if (node.equals(a)) {
            return b;
        }
        if (node.equals(b)) {
            return a;
        }
        throw new IllegalArgumentException("node is '" + node + "', must be '" + a + "' or '" + b + "'");
    }
}
