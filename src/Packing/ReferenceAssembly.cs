using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Actors.Packing;

/// <summary>
/// Hides the types of a reference assembly that are public only for the other assemblies of the package. A program of a user is compiled
/// against the result, and runs with the original.
/// </summary>
internal static class ReferenceAssembly
{
    /// <summary>The namespace of all types that users see.</summary>
    private const string UserNamespace = "Actors";

    /// <summary>Makes the public types outside that namespace internal, with the types inside them.</summary>
    /// <param name="assembly">The content of the file.</param>
    /// <returns>The content of the new file.</returns>
    public static byte[] HideTypes(byte[] assembly)
    {
        var result = (byte[])assembly.Clone();
        using var file = new PEReader(new MemoryStream(assembly));
        var metadata = file.GetMetadataReader();
        var table = file.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.TypeDef);
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            if (!IsVisible(type.Attributes) || metadata.GetString(type.Namespace) == UserNamespace)
                continue;
            // The flags are the first column of a row.
            var row = table + ((MetadataTokens.GetRowNumber(handle) - 1) * metadata.GetTableRowSize(TableIndex.TypeDef));
            BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(row), (int)(type.Attributes & ~TypeAttributes.VisibilityMask));
        }

        return result;
    }

    /// <summary>Whether a type is public and in no other type.</summary>
    private static bool IsVisible(TypeAttributes attributes) => (attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public;
}
