package io.weir.core.crypto;

import java.security.AlgorithmParameters;
import java.security.Key;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.CipherSpi;

/** A provider of AES-GCM alone, which computes nothing and remembers the keys it was asked to use. */
final class RecordingProvider extends Provider {
    private static final long serialVersionUID = 1L;

    private final transient List<byte[]> keys = new ArrayList<>();

    RecordingProvider() {
        super("Recording", "1.5", "for tests");
        putService(new Service(this, "Cipher", "AES/GCM/NoPadding", RecordingCipher.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) {
                return new RecordingCipher(keys);
            }
        });
    }

    /** Of each sealing and opening. */
    List<byte[]> used() {
        return keys;
    }

    private static final class RecordingCipher extends CipherSpi {
        private final List<byte[]> keys;
        private byte[] key = {};

        RecordingCipher(List<byte[]> keys) {
            this.keys = keys;
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameterSpec parameters, SecureRandom random) {
            this.key = key.getEncoded();
        }

        @Override
        protected int engineDoFinal(byte[] in, int offset, int length, byte[] out, int outOffset) {
            keys.add(key);
            return length + CipherSuite.TAG_LENGTH;
        }

        @Override
        protected void engineUpdateAAD(byte[] data, int offset, int length) {}

        @Override
        protected void engineSetMode(String mode) {}

        @Override
        protected void engineSetPadding(String padding) {}

        @Override
        protected int engineGetBlockSize() {
            return 16;
        }

        @Override
        protected int engineGetOutputSize(int length) {
            return length + CipherSuite.TAG_LENGTH;
        }

        @Override
        protected byte[] engineGetIV() {
            return new byte[12];
        }

        @Override
        protected AlgorithmParameters engineGetParameters() {
            throw new UnsupportedOperationException("nobody asks for them");
        }

        @Override
        protected void engineInit(int mode, Key key, SecureRandom random) {
            throw new UnsupportedOperationException("a nonce is always given");
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random) {
            throw new UnsupportedOperationException("a nonce is always given");
        }

        @Override
        protected byte[] engineUpdate(byte[] in, int offset, int length) {
            throw new UnsupportedOperationException("a record is computed in one call");
        }

        @Override
        protected int engineUpdate(byte[] in, int offset, int length, byte[] out, int outOffset) {
            throw new UnsupportedOperationException("a record is computed in one call");
        }

        @Override
        protected byte[] engineDoFinal(byte[] in, int offset, int length) {
            throw new UnsupportedOperationException("the output is always given");
        }
    }
}
