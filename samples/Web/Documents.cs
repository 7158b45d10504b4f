namespace Web;

/// <summary>The functions that the workers run.</summary>
internal static class Documents
{
    public static int CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    public static string RenderInvoice(string number) => $"Invoice {number}, rendered by process {Environment.ProcessId}";
}
