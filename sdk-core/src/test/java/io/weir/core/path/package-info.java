@NullMarked
package io.weir.core.path;

import org.jspecify.annotations.NullMarked;
