package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.reactive.PeerNodeSpec;
import io.weir.samples.cli.ticket.Destination;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Whom a command asks, and as whom. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class AskedPeer {

    @Parameters(
            index = "0",
            paramLabel = "ADDR",
            description = "Where the peer listens, and who must answer there: ADDRESS#PEERID or a ticket.")
    private Destination address;

    @Mixin
    private IdentityOption identity;

    /** Where it is. */
    Destination address() {
        return address;
    }

    /**
     * That it can be dialled.
     *
     * @throws ParameterException a mistake of usage
     */
    void check(CommandSpec command) {
        Main.checkCanBeDialled(address, command);
    }

    /** A node of that identity, whose key file is read here. */
    PeerNodeSpec node() {
        return Weir.node().identity(identity.load());
    }
}
