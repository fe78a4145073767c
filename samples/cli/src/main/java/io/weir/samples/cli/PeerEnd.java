package io.weir.samples.cli;

import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.ticket.Destination;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How the two ends of a command find each other: one waits, the other dials. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PeerEnd {

    /** Null: this end waits. */
    @Parameters(
            paramLabel = "ADDR",
            description = "The other end's address, and who must answer there: ADDRESS#PEERID or a ticket.")
    @Nullable
    Destination address;

    /** Null: this end dials. */
    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            description =
                    "Wait here for the other end, tcp://, udp:// or quic://; port 0 takes a free one, host [::] is "
                            + "every address of the machine.")
    @Nullable
    PeerAddress listen;

    /** As {@link Main#checkCanBeDialled}, if this end dials. */
    void check(CommandSpec spec) {
        if (address != null) {
            Main.checkCanBeDialled(address, spec);
        }
    }
}
