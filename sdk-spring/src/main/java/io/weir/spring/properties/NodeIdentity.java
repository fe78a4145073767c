package io.weir.spring.properties;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import io.weir.core.identity.Identity;
import io.weir.core.identity.IdentityException;
import io.weir.core.identity.IdentityException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** The identity that {@code weir.identity.*} names. */
public final class NodeIdentity {

    private static final Logger LOG = LoggerFactory.getLogger(NodeIdentity.class);

    private static final String LOCATION = "weir.identity.location";
    private static final String KEY_LOCATION = "weir.identity.key-location";

    private NodeIdentity() {}

    /**
     * Reads it, or makes it.
     *
     * @throws InvalidConfigurationPropertyValueException that names the property and says what is wrong with its file
     */
    public static Identity of(WeirProperties.Identity properties) {
        Path location = properties.location();
        if (location == null) {
            Identity generated = Identity.generate();
            LOG.warn(
                    "weir.identity.location is not set, so this node has a new identity, {}, that ends with the process. Peers which"
                            + " expect it, or admit it, by its id will not know it after the next start. Set the property to a file,"
                            + " and weir.identity.create=true to have it made.",
                    generated.peerId());
            return generated;
        }
        Path keyLocation = properties.keyLocation();
        Aead key = keyLocation == null ? null : key(keyLocation);
        try {
            return properties.create() && Files.notExists(location) ? created(location, key) : loaded(location, key);
        } catch (IdentityException e) {
            throw Refusal.of(LOCATION, location, legal(e), e);
        }
    }

    private static Identity loaded(Path location, @Nullable Aead key) {
        return key == null ? Identity.load(location) : Identity.load(location, key);
    }

    private static Identity created(Path location, @Nullable Aead key) {
        Identity identity = Identity.generate();
        try {
            if (key == null) {
                identity.save(location);
            } else {
                identity.save(location, key);
            }
        } catch (IdentityException e) {
            if (e.problem() == Problem.EXISTS) { // another process was faster
                return loaded(location, key);
            }
            throw e;
        }
        LOG.info("made the identity {} in {}", identity.peerId(), location);
        return identity;
    }

    private static Aead key(Path location) {
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(
                            Files.readString(location), AeadConfig2026.get(), InsecureSecretKeyAccess.get())
                    .getPrimitive(AeadConfig2026.get(), Aead.class);
        } catch (IOException | GeneralSecurityException e) {
            throw Refusal.of(KEY_LOCATION, location, "legal: a file with an AEAD keyset of Tink in JSON", e);
        }
    }

    private static String legal(IdentityException e) {
        return e.getMessage()
                + (e.problem() == Problem.UNREADABLE
                        ? "; legal: a file with an identity, or one that is not there and weir.identity.create=true"
                        : "");
    }
}
