using System.Globalization;
using Actors.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Cli.Running;

/// <summary>The answer of <c>bundle</c>.</summary>
/// <param name="Id">The hash of the whole code, as <c>jobs list</c> shows it.</param>
/// <param name="Files">The files.</param>
internal sealed record BundleView(string Id, IReadOnlyList<BundleView.BundleRow> Files)
{
    private static readonly string[] Columns = ["file", "bytes", "hash"];

    /// <summary>The number of bytes of all files.</summary>
    public long Length => Files.Sum(file => file.Length);

    /// <summary>Creates the view of a bundle, the largest file first.</summary>
    public static IRenderable CreateView(BundleView bundle) => new Rows(
        Tables.CreateTable(Columns, bundle.Files.OrderByDescending(file => file.Length).Select(file => new[]
        {
            file.Path, FormatBytes(file.Length), file.Hash,
        })),
        new Text($"{bundle.Files.Count} files, {FormatBytes(bundle.Length)} bytes, id {bundle.Id}"));

    private static string FormatBytes(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A file of a bundle.</summary>
    /// <param name="Path">Its path.</param>
    /// <param name="Length">Its length in bytes.</param>
    /// <param name="Hash">The hash of its content.</param>
    internal sealed record BundleRow(string Path, long Length, string Hash);
}
