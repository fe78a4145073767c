package io.weir.core.handshake;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.identity.Identity;
import io.weir.core.identity.NetworkKey;
import io.weir.core.identity.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * What one side brings into a handshake (PROTOCOL section 2). Immutable; prints no secret.
 *
 * @param identity who this node is
 * @param staticKey its Noise static key: made once per process, never stored, shared by all of its handshakes
 * @param suite the cipher that this node asks for when it dials (default AESGCM); a responder takes what is asked for
 * @param networkKey the secret of a closed network, or null; both ends must have one, or none
 * @param recordProvider whose implementation seals the records that follow; the handshake itself, a few hundred bytes, is
 *     left to the one that the process prefers
 * @param expectedPeer the only peer to accept, or null for anybody who proves an identity
 */
public record HandshakeConfig(
        Identity identity,
        X25519KeyPair staticKey,
        CipherSuite suite,
        @Nullable NetworkKey networkKey,
        CipherProvider recordProvider,
        @Nullable PeerId expectedPeer) {

    /** The defaults: AESGCM of the preferred provider, no network key, any peer. */
    public static HandshakeConfig of(Identity identity, X25519KeyPair staticKey) {
        return new HandshakeConfig(identity, staticKey, CipherSuite.AESGCM, null, CipherProvider.preferred(), null);
    }

    /** A copy that asks for another cipher. */
    public HandshakeConfig withSuite(CipherSuite suite) {
        return new HandshakeConfig(identity, staticKey, suite, networkKey, recordProvider, expectedPeer);
    }

    /** A copy for a closed network, or, with null, for an open one. */
    public HandshakeConfig withNetworkKey(@Nullable NetworkKey networkKey) {
        return new HandshakeConfig(identity, staticKey, suite, networkKey, recordProvider, expectedPeer);
    }

    /** A copy whose records another provider seals and opens. */
    public HandshakeConfig withRecordProvider(CipherProvider recordProvider) {
        return new HandshakeConfig(identity, staticKey, suite, networkKey, recordProvider, expectedPeer);
    }

    /** A copy that accepts one peer only, or, with null, anybody. */
    public HandshakeConfig withExpectedPeer(@Nullable PeerId expectedPeer) {
        return new HandshakeConfig(identity, staticKey, suite, networkKey, recordProvider, expectedPeer);
    }
}
