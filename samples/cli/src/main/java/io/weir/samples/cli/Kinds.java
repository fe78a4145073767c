package io.weir.samples.cli;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.samples.cli.ticket.Destination;
import io.weir.samples.cli.ticket.Ticket;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of arguments that are this tool's own, each read from its text or refused with what is wrong about it. */
final class Kinds {

    private static final Set<String> SCHEMES = Set.of(PeerAddress.TCP, PeerAddress.UDP, PeerAddress.QUIC);

    private Kinds() {}

    /** Where to listen. */
    static final class OfAddress implements ITypeConverter<PeerAddress> {
        @Override
        public PeerAddress convert(String text) {
            if (Ticket.isMeant(text)) {
                throw new TypeConversionException(
                        "'" + text + "' is a ticket, which is for dialling; here an address is meant");
            }
            return destination(text).addresses().get(0);
        }
    }

    /** Whom to dial. */
    static final class OfDestination implements ITypeConverter<Destination> {
        @Override
        public Destination convert(String text) {
            return destination(text);
        }
    }

    /** Whom to admit. */
    static final class OfPeerId implements ITypeConverter<PeerId> {
        @Override
        public PeerId convert(String text) {
            try {
                return PeerId.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** A file or a directory. */
    static final class OfPath implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            return path(text);
        }
    }

    /**
     * An address or a ticket.
     *
     * @throws TypeConversionException saying what is wrong with it
     */
    static Destination destination(String text) {
        try {
            Destination destination = Destination.parse(text);
            for (PeerAddress address : destination.addresses()) {
                if (!SCHEMES.contains(address.scheme())) {
                    throw new TypeConversionException(
                            "address '" + text + "' must begin with tcp://, udp:// or quic://");
                }
            }
            return destination;
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /**
     * A path.
     *
     * @throws TypeConversionException if the locale cannot write it, or it can be none
     */
    static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("'' names no file");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text
                    + "' has letters that the locale has no codes for, or none that name a file; set LC_ALL to "
                    + "C.UTF-8 before the start");
        }
    }
}
