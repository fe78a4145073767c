package io.weir.samples.cli;

import io.netty.util.NetUtil;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerAdmission;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Who may connect to a listening end. */
final class AdmissionOption {

    @Option(
            names = "--allow",
            paramLabel = "PEERID",
            description = "Admit only this peer; may be repeated. Without it: whoever reaches the address.")
    private List<PeerId> allowed = List.of();

    /** Who is named. */
    List<PeerId> allowed() {
        return allowed;
    }

    /** The rule; says who was turned away. */
    PeerAdmission toAdmission(Console console) {
        return toAdmission(console, Set.of());
    }

    /** The same, where these are admitted too. */
    PeerAdmission toAdmission(Console console, Set<PeerId> more) {
        if (allowed.isEmpty()) {
            return PeerAdmission.allowAll();
        }
        Set<PeerId> peers = new HashSet<>(more);
        peers.addAll(allowed);
        return PeerAdmission.matching(candidate -> {
            boolean admitted = peers.contains(candidate.peer());
            if (!admitted) {
                console.note("refused " + candidate.peer() + " from " + place(candidate.remoteAddress())
                        + ": not --allow'ed");
            }
            return admitted;
        });
    }

    private static String place(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : address.toString();
    }

    /** What to tell the user at the start. */
    String describe() {
        return allowed.isEmpty()
                ? "whoever reaches the address may connect (--allow PEERID restricts that)"
                : allowed.size() + (allowed.size() == 1 ? " peer" : " peers") + " may connect";
    }
}
