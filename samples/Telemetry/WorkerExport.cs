using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Telemetry;

/// <summary>The export of the spans of a worker: "run F" for each job, and those that the function creates below it.</summary>
internal static class WorkerExport
{
    /// <summary>Starts the export. The workers inherit the variables of OpenTelemetry from the program.</summary>
    public static void StartExport()
    {
        var provider = Sdk.CreateTracerProviderBuilder().ConfigureResource(resource => resource.AddService("reports-worker"))
            .AddActorsInstrumentation().AddOtlpExporter().Build();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => provider.Dispose();    // exports the last spans
    }
}
