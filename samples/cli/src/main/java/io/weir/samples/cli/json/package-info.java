/** Results for programs: JSON, an object a line. */
@NullMarked
package io.weir.samples.cli.json;

import org.jspecify.annotations.NullMarked;
