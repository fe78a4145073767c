package io.weir.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.core.architecture.fixture.BreaksEveryRule;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("once")
final class CoreArchitectureTest {
    private static final String FIXTURES = BreaksEveryRule.class.getPackageName();
    /** Maven compiles tests to test-classes, other builds to test. */
    private static final Pattern OF_TESTS = Pattern.compile(".*/test(-classes)?/io/weir/.*");

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(location -> !location.matches(OF_TESTS))
            .importPackages("io.weir.core");
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(location -> location.matches(OF_TESTS))
            .withImportOption(location -> !location.contains("/architecture/fixture/"))
            .importPackages("io.weir.core");
    private static final JavaClasses OFFENDERS = new ClassFileImporter().importPackages(FIXTURES);

    private static final Map<String, ArchRule> RULES = Map.of(
            "depends on little", CoreRules.DEPENDS_ON_LITTLE,
            "cryptography has one home", CoreRules.CRYPTOGRAPHY_HAS_ONE_HOME,
            "Tink works by configuration", CoreRules.TINK_WORKS_BY_CONFIGURATION,
            "time and chance are arguments", CoreRules.TIME_AND_CHANCE_ARE_ARGUMENTS,
            "reads no settings of the process", CoreRules.READS_NO_SETTINGS_OF_THE_PROCESS,
            "takes no locks", CoreRules.TAKES_NO_LOCKS,
            "nobody sleeps", CoreRules.NOBODY_SLEEPS);

    static Stream<Arguments> rules() {
        return RULES.entrySet().stream().map(rule -> Arguments.of(rule.getKey(), rule.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void coreKeepsRule(String name, ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCTION);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void ruleBites(String name, ArchRule rule) {
        assertThat(rule.evaluate(OFFENDERS).hasViolation()).isTrue();
    }

    @Test
    void streamIdHashesAndNothingMore() {
        CoreRules.STREAM_ID_HASHES_AND_NOTHING_MORE.allowEmptyShould(true).check(PRODUCTION);
    }

    @Test
    void packagesFormADag() {
        CoreRules.packagesFormADag("io.weir.core").allowEmptyShould(true).check(PRODUCTION);
    }

    @Test
    void cycleBetweenPackagesIsFound() {
        ArchRule rule = CoreRules.packagesFormADag(FIXTURES);

        assertThat(rule.evaluate(OFFENDERS).hasViolation()).isTrue();
    }

    @Test
    void testsDoNotSleepEither() {
        assertThatCode(() -> CoreRules.NOBODY_SLEEPS.check(TESTS)).doesNotThrowAnyException();
    }
}
