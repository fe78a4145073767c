@NullMarked
package io.weir.core.integrity;

import org.jspecify.annotations.NullMarked;
