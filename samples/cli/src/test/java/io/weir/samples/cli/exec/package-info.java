/** Tests of the answers that commands give. */
@NullMarked
package io.weir.samples.cli.exec;

import org.jspecify.annotations.NullMarked;
