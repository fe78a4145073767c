package io.weir.spring.properties;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a property that is not legal without its value, which would be in the log of every start. */
final class SecretPropertyFailureAnalyzer extends AbstractFailureAnalyzer<SecretPropertyException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SecretPropertyException cause) {
        return new FailureAnalysis(
                "The value of the configuration property '" + cause.property()
                        + "', which is a secret and not shown, is not legal.",
                "Change it; " + cause.getMessage() + ".",
                cause);
    }
}
