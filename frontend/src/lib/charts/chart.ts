/** The one module that knows Chart.js; loaded when a chart is to be drawn. */
import { Chart, LinearScale, LineController, LineElement, PointElement, Tooltip } from 'chart.js';

Chart.register(LinearScale, LineController, LineElement, PointElement, Tooltip);

export { Chart };
